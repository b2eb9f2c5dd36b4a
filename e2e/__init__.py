"""Millrun as those who use it meet it: whole, over HTTP, on both profiles."""
