variable "prefix" {
  type    = string
  default = "En"
}
