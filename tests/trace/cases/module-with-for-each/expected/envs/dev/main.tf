module "notebook" {
  source = "../../modules/notebook"
  for_each = local.teams

  root_access = each.value.root
}

locals {
  teams = {
    ads  = { root = "Disabled" }
    risk = { root = "Disabled" }
  }
}
