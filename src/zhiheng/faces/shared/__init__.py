"""What all audiences' pages stand on: the demo's clock, the site's frame, official wording, neutral order."""
