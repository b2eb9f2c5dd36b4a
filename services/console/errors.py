"""What pages of the console refuse by themselves: what a list does not have."""

from shared.errors import NotFound


class InvoiceNotFound(NotFound):
    """There is no invoice {invoice}."""

    fix = "Take it from the list of invoices."


class CertificationNotFound(NotFound):
    """There is no request for certification {certification}."""

    fix = "Take it from the list of certifications."


class BatchNotFound(NotFound):
    """Work order {work_order_no} has no batch {production_batch_no}."""

    fix = "Take the batch from the work order."


class NoSuchService(NotFound):
    """There is no service {service}."""

    fix = "Choose one of the services listed."
