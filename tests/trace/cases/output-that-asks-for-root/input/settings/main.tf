variable "root" {
  type = bool
}

resource "terraform_data" "settings" {
  count = var.root ? 1 : 0
}

output "settings" {
  value = terraform_data.settings[0].id
}
