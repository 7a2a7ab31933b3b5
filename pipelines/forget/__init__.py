"""Forgets a person: everything that the private file knows of one e-mail address.

`erase` takes the person out of the file, `mentions` tells which export files would bring the person back, `command`
does both and says what is left to do.
"""
