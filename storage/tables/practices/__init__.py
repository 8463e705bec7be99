"""Tables of incidents, problems, changes, requests and their like: the practices of ITIL."""
