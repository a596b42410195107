"""The reply to the planner: what was read, what was changed, what needs a decision; one model, told in three places."""
