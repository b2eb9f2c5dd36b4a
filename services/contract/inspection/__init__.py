"""Looking at files of strangers, in a process of its own with little memory and little time.

It reads a file from standard input and writes what it found, or why it refuses, as JSON.
"""
