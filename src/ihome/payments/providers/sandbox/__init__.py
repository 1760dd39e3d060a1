"""A gateway of our own that speaks Alipay's protocol and moves no money. Never in production."""
