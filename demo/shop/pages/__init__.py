"""The pages of the shop, a file for each thing one does there: browse, fill the basket, order, follow, sign in."""
