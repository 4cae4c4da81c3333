"""The sixteen kinds of things, a file for each family; every kind is a function from jitter and paint to a form."""
