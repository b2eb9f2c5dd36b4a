"""Looking at files of strangers, in a process of its own with little memory and little time.

`asking.ask` hands a file to such a process and returns what it says, or refuses by one of `errors`.
The process is `python -m shared.inspection`, or a service's own that looks for more in the same
way (`confined.run`); it reads the file from standard input and writes what it found as JSON.
Nothing is imported here: the process confines itself before it imports what reads files.
"""
