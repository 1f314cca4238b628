"""Work that outlives a request, a worker and the server: what was accepted is in the database until it is done.

A job is claimed with a lease. Whatever its owner finishes, part by part, is written under the condition that the
lease is still its own; so a server that was killed loses nothing but the parts that were being solved, and two
servers on one database never write into one job.
"""
