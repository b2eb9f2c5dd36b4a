"""What modules, firmware and products are, and what may become of them."""
