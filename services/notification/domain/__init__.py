"""Messages, who gets them, and the feed: plain Python."""
