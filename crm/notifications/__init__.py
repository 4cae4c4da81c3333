"""Order news: which milestones a buyer is told, in which words, and the page that a mail's link opens.

Each milestone is told once. Order news runs on the order itself, so it needs no consent and carries no promotion.
"""
