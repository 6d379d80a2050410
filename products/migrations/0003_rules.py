"""Blocks and products have rules over several fields."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0002_former_names_of_fields'),
    ]

    operations = [
        migrations.CreateModel(
            name='BlockRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('rule', models.CharField(max_length=1000)),
                ('message', models.CharField(max_length=500)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='products.productblock')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('rule', models.CharField(max_length=1000)),
                ('message', models.CharField(max_length=500)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='products.product')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
    ]
