variable "root" {
  type    = bool
  default = true
}

data "terraform_remote_state" "base" {
  for_each = var.root ? toset(["a"]) : toset([])
  backend  = "local"
  config   = { path = "${path.module}/base.json" }
}

output "base" {
  value = data.terraform_remote_state.base["a"].outputs.base
}
