#!/bin/sh
# Makes the database and the roles of each of $SERVICES, as shared/migrations/roles.py does; a test
# compares them. Run once, by PostgreSQL's image, before anybody can connect.
#
# SERVICES="ordering payment"  APP_PASSWORD  OWNER_PASSWORD
set -eu

for service in $SERVICES; do
    SERVICE=$service psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv service SERVICE
\getenv app_password APP_PASSWORD
\getenv owner_password OWNER_PASSWORD
\set app :service _app
\set staff :service _staff
\set owner :service _owner
CREATE ROLE :"staff" NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE :"app" LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
GRANT :"staff" TO :"app";
CREATE DATABASE :"service" OWNER :"owner";
\connect :"service"
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"app";
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app", :"staff";
SQL
done
