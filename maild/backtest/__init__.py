"""What another configuration would have made of the letters that are stored: compared, counted, told. Changes nothing."""
