"""What only contract looks for in a file: its codes on the pages, and who signed a PDF.

Whether a file may be kept at all is `shared.inspection`'s to say, in the same confined process.
"""
