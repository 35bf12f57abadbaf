"""Pure decisions about incidents, jobs and offers: values and a given `now` in, facts out."""
