"""The whole path as people go it: with a browser, on the pages of portal and console."""
