"""The ground kit of every list, for all apps: tables of pages, lists over REST, CSV; names and values for people.

Not here: what is listed, and who may see it. It imports nothing else of this project. Begin with `tables` for a page
and with `rest` for an endpoint.
"""
