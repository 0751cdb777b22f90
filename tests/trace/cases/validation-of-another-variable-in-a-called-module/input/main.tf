module "m" {
  source      = "./m"
  root_access = "Enabled"
  mode        = "debug"
}
