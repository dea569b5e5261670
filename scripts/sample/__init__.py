"""How the embedded sample of Dingzhou is made: real names and totals, everything else drawn from seeded chance."""
