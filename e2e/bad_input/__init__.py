"""What comes in wrong is refused with a sentence that helps, and leaves nothing behind."""
