variable "ra" {
  type = string
}

output "out" {
  value = var.ra
}
