"""Rules as data: sentences of plans and standards in numbers, and the kinds of sentence there are."""
