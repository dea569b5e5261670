"""选址建议书: the siting proposal as a Word file and as PDF, for the director and the bodies that approve it."""

from siting.filing.proposal.write import proposal, write_proposal

__all__ = ["proposal", "write_proposal"]
