// Runs once, on an empty database: the service gets a user who can do nothing outside of the database `shop`. dbAdmin is
// for collMod, by which a service renews its validators.
const { readFileSync } = require("fs");

const shop = db.getSiblingDB("shop");
shop.createUser({
  user: process.env.SHOP_USER,
  pwd: readFileSync("/run/secrets/db_password", "utf8").trim(),
  roles: ["readWrite", "dbAdmin"],
});
