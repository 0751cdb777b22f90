module "notebook" {
  source = "../../modules/notebook"
  for_each = local.teams

  root_access = each.value.root
}

locals {
  defaults = {
    root = "Disabled"
    size = 20
  }
  teams = {
    ads  = merge(local.defaults, { size = 50 })
    risk = merge(local.defaults, { root = "Disabled" })
  }
}
