"""What can be known about modules, firmware and products."""
