module "notebook" {
  source = "../../modules/notebook"

  config = {
    name = "dev"
    security = {
      encrypted   = true
      root_access = "Enabled"
    }
  }
}
