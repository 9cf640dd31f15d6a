-- The check value of the server's secret key.

-- name: serverKeyClaim
insert into server_key (check_value) values ($1) on conflict do nothing;

-- name: serverKeyFind
select check_value from server_key;
