// Healthy is a primary that takes writes. A new database is made one: a replica set of one member, since the shop needs
// transactions and change streams.
const { existsSync, readFileSync } = require("fs");

const password = "/run/secrets/db_root_password";
if (existsSync(password)) db.getSiblingDB("admin").auth("root", readFileSync(password, "utf8").trim());
if (!db.hello().isWritablePrimary && !db.hello().setName) {
  rs.initiate({ _id: "rs0", members: [{ _id: 0, host: `${process.env.HOSTNAME}:27017` }] });
}
quit(db.hello().isWritablePrimary ? 0 : 1);
