"""What can be asked of ordering. One function per thing; one file per phase of an order's life."""
