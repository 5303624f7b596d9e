"""What a line would do if more or fewer of its people were seen: asked, simulated, answered."""
