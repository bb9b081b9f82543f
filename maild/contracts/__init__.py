"""What each client is owed: who they are, coupons, contract periods, quotas, hours used. Pure but for reading tables."""
