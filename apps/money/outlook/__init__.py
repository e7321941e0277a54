"""What a pricer's amounts come to over volumes, inputs and months; pure, like all of the engine."""
