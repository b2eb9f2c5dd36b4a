"""Work orders, batches, units and shipments, and the rules about them."""
