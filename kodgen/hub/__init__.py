"""What a dataset on the Hugging Face Hub is: card, datasheet, licences, checks of its text."""
