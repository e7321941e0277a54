"""What the admin is called."""

from django.contrib import admin

admin.site.site_header = "OpenWeigh: the editors’ side"
admin.site.site_title = "OpenWeigh, editors"
admin.site.index_title = "What can be edited"
