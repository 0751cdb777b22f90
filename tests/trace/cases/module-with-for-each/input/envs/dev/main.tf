module "notebook" {
  source = "../../modules/notebook"
  for_each = local.teams

  root_access = each.value.root
}

locals {
  teams = {
    ads  = { root = "Enabled" }
    risk = { root = "Disabled" }
  }
}
