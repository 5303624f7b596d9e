"""What the product promises about speed, measured: `make bench`."""
