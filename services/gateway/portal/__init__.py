"""The portal: what people of customer enterprises see.

Each module here holds the pages of one subject as `pages = Pages(Path(__file__).parent)`; list it
below. Templates are in `templates/`, translations in `locale/zh/*.po`.
"""

from services.gateway.portal import (
    addresses,
    associations,
    attachments,
    contracts,
    draft,
    enterprise,
    filling,
    invoice_titles,
    license_codes,
    licenses,
    members,
    messages,
    on_top,
    order,
    order_acts,
    order_changes,
    order_form,
    order_revisions,
    orders,
    papers,
    partners,
    permissions,
    product_build,
    product_life,
    product_sheets,
    products,
    purchase,
    register,
    reordering,
    samples,
    start,
    suggestions,
    why,
)

pages = [
    each.pages
    for each in (
        start,
        purchase,
        licenses,
        orders,
        draft,
        on_top,
        order_form,
        filling,
        order,
        order_acts,
        order_changes,
        license_codes,
        reordering,
        attachments,
        order_revisions,
        contracts,
        papers,
        # Before the page of one product, whose address has a part for anything.
        product_sheets,
        products,
        product_build,
        product_life,
        samples,
        why,
        messages,
        suggestions,
        register,
        enterprise,
        members,
        addresses,
        invoice_titles,
        permissions,
        associations,
        partners,
    )
]
"""Every page of the portal, in the order of the navigation."""
