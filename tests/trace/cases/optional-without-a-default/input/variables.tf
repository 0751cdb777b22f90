variable "notebooks" {
  type    = map(object({
    root_access = optional(string)
    size        = optional(number, 20)
  }))
  default = {
    ads = {}
  }
}
