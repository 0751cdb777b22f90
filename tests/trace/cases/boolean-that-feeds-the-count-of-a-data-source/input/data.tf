variable "root" {
  type    = bool
  default = true
}

data "terraform_remote_state" "base" {
  count   = var.root ? 1 : 0
  backend = "local"
  config  = { path = "${path.module}/base.json" }
}

output "base" {
  value = data.terraform_remote_state.base[0].outputs.base
}
