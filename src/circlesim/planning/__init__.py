"""Planning: from needs that are not met to a list of projects with sites, costs and what they bring."""
