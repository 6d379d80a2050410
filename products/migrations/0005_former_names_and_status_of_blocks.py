"""Blocks and resource types say what they were called before; blocks have a status and an end."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0004_labels_of_choices'),
    ]

    operations = [
        migrations.AddField(
            model_name='productblock',
            name='end_date',
            field=models.DateTimeField(blank=True, help_text='When it will no longer be used, if that is known.', null=True, verbose_name='ends at'),
        ),
        migrations.AddField(
            model_name='productblock',
            name='formerly',
            field=models.CharField(blank=True, db_default='', default='', help_text='The name it had before: blocks that were delivered under that name stay what they are.', max_length=255),
        ),
        migrations.AddField(
            model_name='productblock',
            name='status',
            field=models.CharField(choices=[('active', 'active'), ('pre production', 'pre production'), ('phase out', 'phase out'), ('end of life', 'end of life')], db_default='active', default='active', help_text='One at its end of life is held by no product that is not.', max_length=20),
        ),
        migrations.AddField(
            model_name='resourcetype',
            name='formerly',
            field=models.CharField(blank=True, db_default='', default='', help_text='The name it had before, in files too.', max_length=510),
        ),
        migrations.AddConstraint(
            model_name='productblock',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['active', 'pre production', 'phase out', 'end of life'])), name='block_known_status'),
        ),
    ]
