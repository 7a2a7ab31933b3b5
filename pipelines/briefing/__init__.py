"""What changed for the customers' book, on one page: HTML for mail, a picture for chat.

`pages` asks the published file and lays the answers out as plain words, `writing` draws them twice and puts the files
into `<home>/briefings`. A list that has no history in the marts gets it from `seen`: what earlier briefings showed.
"""
