"""What is told to people: mails and their texts, delivery."""
